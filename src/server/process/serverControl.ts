import type { ServerSettings } from '../../contract/admin.ts';
import type { DiagnosticsReport } from '../../contract/diagnostics.ts';
import type { EventBus } from '../events.ts';
import type { Access } from '../http/access.ts';
import type { LineLog } from '../log.ts';
import type { Registry } from '../registry/registry.ts';
import type { Store } from '../store/store.ts';
import type { Tracer } from '../telemetry/tracer.ts';
import { keepPort } from './keptPort.ts';

export interface ServerControlDependencies {
  access: Access;
  store: Store;
  events: EventBus;
  log: LineLog;
  registry: Registry;
  tracer: Tracer;
  /** Closes everything. */
  close(reason: string): Promise<void>;
}

/** What a window changes of the running server itself: its settings, and that it ends. */
export class ServerControl {
  /** The setting `vmcp.server.keepRunning` is `always`. */
  keepsRunning = false;

  constructor(private readonly dependencies: ServerControlDependencies) {}

  async applySettings(settings: ServerSettings): Promise<void> {
    const { access, store, log, registry, tracer } = this.dependencies;
    if (settings.keepRunning) this.keepsRunning = settings.keepRunning === 'always';
    if (settings.authentication) access.authentication = settings.authentication;
    if (settings.allowedOrigins) access.allowedOrigins = settings.allowedOrigins;
    if (settings.logLevel) log.level = settings.logLevel;
    store.logs.setLimits({
      ...(settings.logRows !== undefined && { rows: settings.logRows }),
      ...(settings.logDays !== undefined && { days: settings.logDays }),
    });
    if (settings.port !== undefined) await keepPort(store, settings.port);
    if (settings.registryUrl) await registry.setUrl(settings.registryUrl);
    if (settings.otlpEndpoint !== undefined) await tracer.setEndpoint(settings.otlpEndpoint);
  }

  /** The settings that are in force, for reports. */
  shown(): DiagnosticsReport['settings'] {
    const { access, log, tracer } = this.dependencies;
    return {
      authentication: access.authentication,
      log_level: log.level,
      keeps_running: this.keepsRunning,
      telemetry: tracer.isOn,
    };
  }

  /** Begins to stop and returns. */
  stop(successor: boolean): void {
    const { events, log, close } = this.dependencies;
    events.publish({ type: 'stopping', successor });
    const reason = successor ? 'a newer version of vMCP takes over' : 'the vMCP server was stopped';
    close(reason).catch((error: unknown) => log.error('Stopping failed', { error }));
  }
}
