import type { LookupFunction } from 'node:net';
import type { HttpTool } from '../../../contract/customItems.ts';
import type { ToolContext, ToolOutcome } from '../toolRun.ts';
import { HttpAgents } from './httpAgents.ts';

/** Runs HTTP tools over connections that it keeps until it is closed. */
export class HttpToolRunner {
  readonly #agents: HttpAgents;

  /**
   * @param mask replaces the secrets known to the server in a text
   * @param resolve finds the addresses of a host name: the system's way unless told otherwise
   */
  constructor(
    private readonly mask: (text: string) => string,
    resolve?: LookupFunction,
  ) {
    this.#agents = new HttpAgents(resolve);
  }

  async run(tool: HttpTool, context: Pick<ToolContext, 'render' | 'signal'>): Promise<ToolOutcome> {
    const { runHttpTool } = await import('./runHttpTool.ts'); // and with it node-fetch, not needed for a start
    return runHttpTool(tool, context, { agents: this.#agents, mask: this.mask });
  }

  close(): void {
    this.#agents.close();
  }
}
