import './legalLanguage.ts'; // before uPlot
import { LitElement, type PropertyValues } from 'lit';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { StatsOverview } from '../../../src/contract/stats.ts';
import { type ChartKind, type ChartListener, chartData, chartOptions } from './chartOptions.ts';
import { chartTheme, onThemeChange } from './chartTheme.ts';

const height = 200;

/** Draws an overview over time; as wide as its place, in the colours of the theme. */
export class CallChart extends LitElement {
  static override properties = {
    kind: { attribute: false },
    overview: { attribute: false },
    listener: { attribute: false },
  };

  declare kind: ChartKind;
  declare overview: StatsOverview;
  declare listener: ChartListener;
  #chart: uPlot | undefined;
  #stopTheme: (() => void) | undefined;
  readonly #sizes = new ResizeObserver(() => {
    const width = this.clientWidth;
    if (this.#chart && width > 0 && width !== this.#chart.width) this.#draw();
  });

  /** Its styles are the page's. */
  override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sizes.observe(this);
    this.#stopTheme = onThemeChange(() => this.#draw());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes.disconnect();
    this.#stopTheme?.();
    this.#chart?.destroy();
    this.#chart = undefined;
  }

  override updated(changes: PropertyValues<this>): void {
    if (!changes.has('overview') && this.#chart) return;
    const before = changes.get('overview') as StatsOverview | undefined;
    // the same pieces of time: only the values change, and the pointer stays where it is
    if (this.#chart && before && isSameTime(before, this.overview)) {
      this.#chart.setData(chartData(this));
    } else {
      this.#draw();
    }
  }

  #draw(): void {
    this.#chart?.destroy();
    const { kind, overview, listener } = this;
    const width = Math.max(this.clientWidth, 100);
    const options = chartOptions({ kind, overview, theme: chartTheme(), width, height }, listener);
    this.#chart = new uPlot(options, chartData(this), this);
  }
}

function isSameTime(one: StatsOverview, other: StatsOverview): boolean {
  return one.start === other.start && one.end === other.end && one.bucket_ms === other.bucket_ms;
}

customElements.define('call-chart', CallChart);
