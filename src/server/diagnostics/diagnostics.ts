import { cpus, homedir, release, totalmem, type } from 'node:os';
import { apiVersion } from '../../contract/admin.ts';
import type { DiagnosticsReport } from '../../contract/diagnostics.ts';
import type { JsonValue } from '../../contract/json.ts';
import type { Redactor } from '../activity/redactor.ts';
import type { EventBus } from '../events.ts';
import type { Servers } from '../vmcp/configuration/servers.ts';
import type { Vmcps } from '../vmcp/configuration/vmcps.ts';

/** What other parts say of themselves. */
export interface DiagnosticsSources {
  version: string;
  servers: Servers;
  vmcps: Vmcps;
  events: EventBus;
  redactor: Redactor;
  settings(): DiagnosticsReport['settings'];
  /** Sessions in use, calls without an answer, and whoever holds a lease. */
  traffic(): { sessions: number; callsInFlight: number; leases: number };
}

const megabyte = 1024 * 1024;

/**
 * The state of the whole server in one document that can be pasted into a public report: no
 * configuration of servers, no tokens; secrets are masked wherever an error quotes one, and the user's
 * home folder is `~`.
 */
export class Diagnostics {
  constructor(private readonly sources: DiagnosticsSources) {}

  report(): DiagnosticsReport {
    const { version, redactor, settings } = this.sources;
    const report: DiagnosticsReport = {
      version,
      api: apiVersion,
      taken_at: new Date().toISOString(),
      uptime_s: Math.round(process.uptime()),
      runtime: runtime(),
      memory: memory(),
      handles: handles(),
      settings: settings(),
      counts: this.#counts(),
      servers: this.#servers(),
      vmcps: this.#vmcps(),
      problems: this.#problems(),
    };
    const clean = redactor.value(report as unknown as JsonValue);
    return withoutHome(clean) as unknown as DiagnosticsReport;
  }

  #counts(): DiagnosticsReport['counts'] {
    const { servers, vmcps, traffic } = this.sources;
    const { sessions, callsInFlight, leases } = traffic();
    return {
      servers: servers.list().length,
      vmcps: vmcps.list().length,
      sessions,
      calls_in_flight: callsInFlight,
      windows_and_launchers: leases,
    };
  }

  #servers(): DiagnosticsReport['servers'] {
    return this.sources.servers.list().map((server) => ({
      server_id: server.server_id,
      name: server.name,
      transport_type: server.transport_type,
      enabled: server.enabled,
      status: server.status,
      last_error: server.last_error,
      needs: server.needs,
      last_connected: server.last_connected,
      tools: server.catalog?.tools ?? null,
    }));
  }

  #vmcps(): DiagnosticsReport['vmcps'] {
    return this.sources.vmcps.list().map(({ vmcp_id, name, counts, problems }) => ({
      vmcp_id,
      name,
      tools: counts.tools,
      problems: problems.map(({ message }) => message),
    }));
  }

  #problems(): DiagnosticsReport['problems'] {
    return [...this.sources.events.problems].flatMap((event) =>
      event.type === 'problem' ? [{ code: event.code, message: event.message }] : [],
    );
  }
}

function runtime(): DiagnosticsReport['runtime'] {
  return {
    node: process.versions.node,
    electron: process.versions.electron ?? null,
    platform: process.platform,
    arch: process.arch,
    system: `${type()} ${release()}`,
    cpus: cpus().length,
    total_memory_mb: Math.round(totalmem() / megabyte),
  };
}

function memory(): DiagnosticsReport['memory'] {
  const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
  const rounded = (bytes: number) => Math.round((bytes / megabyte) * 10) / 10;
  return {
    resident: rounded(rss),
    heap_used: rounded(heapUsed),
    heap_total: rounded(heapTotal),
    external: rounded(external),
  };
}

function handles(): Record<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => a.localeCompare(b)));
}

/** The user's name stands in the path of the home folder, which errors quote. */
function withoutHome(value: JsonValue): JsonValue {
  const home = homedir();
  if (home.length < 2) return value;
  const text = JSON.stringify(value);
  return JSON.parse(text.replaceAll(JSON.stringify(home).slice(1, -1), '~')) as JsonValue;
}
