import type { CustomTool, PythonTool } from '../../../contract/customItems.ts';
import type { JsonObject } from '../../../contract/json.ts';
import type { VmcpRecord } from '../../../contract/vmcps.ts';
import type { Log } from '../../log.ts';
import type { Change } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';
import { type ToolSignature, toolSignatureSchema } from '../../tools/toolSignature.ts';
import { shortHash } from '../naming/hash.ts';

export interface PythonSignaturesDeps {
  store: Store;
  log: Log;
  describe(tool: PythonTool, vmcpId: string): Promise<ToolSignature>;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Whoever could not be described is not tried again so soon. */
const pauseMs = 30_000;

const settingPrefix = 'python_signatures/';

/**
 * Signatures of Python tools, kept with the configuration, so that a list needs no interpreter unless
 * code is new. They belong to the code: a tool that did not change is never described again.
 */
export class PythonSignatures {
  readonly #known = new Map<string, ToolSignature>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #failed = new Map<string, number>();
  readonly #hashes = new WeakMap<PythonTool, string>();

  constructor(private readonly deps: PythonSignaturesDeps) {
    for (const { key, value } of deps.store.collections.settings.all()) {
      if (!key.startsWith(settingPrefix)) continue;
      for (const [hash, signature] of Object.entries(value)) {
        const parsed = toolSignatureSchema.safeParse(signature);
        if (parsed.success) this.#known.set(hash, parsed.data);
      }
    }
  }

  get(tool: PythonTool): ToolSignature | undefined {
    return this.#known.get(this.#hash(tool));
  }

  /** The enabled Python tools among these that were never described, and may be now. */
  missing(tools: readonly CustomTool[]): PythonTool[] {
    return tools.flatMap((tool) => {
      if (tool.tool_type !== 'python' || !tool.enabled) return [];
      const hash = this.#hash(tool);
      const failedAt = this.#failed.get(hash) ?? -pauseMs;
      return this.#known.has(hash) || this.deps.now() - failedAt < pauseMs ? [] : [tool];
    });
  }

  /** Describes tools; where that is not possible, it is told in the log alone. */
  async describe(vmcpId: string, tools: readonly PythonTool[]): Promise<void> {
    await Promise.all(
      tools.map((tool) => {
        const hash = this.#hash(tool);
        const running =
          this.#running.get(hash) ??
          this.#describe(vmcpId, tool, hash).finally(() => this.#running.delete(hash));
        this.#running.set(hash, running);
        return running;
      }),
    );
  }

  /** What keeps the signatures of a vMCP's tools beside its record. */
  changes(record: VmcpRecord): Change[] {
    const key = settingPrefix + record.vmcp_id;
    const entries = record.custom_tools.flatMap((tool): [string, JsonObject][] => {
      const signature = tool.tool_type === 'python' ? this.get(tool) : undefined;
      if (!signature || tool.tool_type !== 'python') return [];
      return [[this.#hash(tool), { ...signature }]];
    });
    const kept = this.deps.store.collections.settings.get(key);
    const before = Object.keys(kept?.value ?? {});
    const after = [...new Set(entries.map(([hash]) => hash))];
    if (before.length === after.length && after.every((hash) => before.includes(hash))) return [];
    if (after.length === 0) return this.removal(record.vmcp_id);
    return [{ collection: 'settings', put: { key, value: Object.fromEntries(entries) } }];
  }

  removal(vmcpId: string): Change[] {
    const key = settingPrefix + vmcpId;
    const isKept = this.deps.store.collections.settings.get(key) !== undefined;
    return isKept ? [{ collection: 'settings', delete: key }] : [];
  }

  async #describe(vmcpId: string, tool: PythonTool, hash: string): Promise<void> {
    try {
      this.#known.set(hash, await this.deps.describe(tool, vmcpId));
      this.#failed.delete(hash);
    } catch (error) {
      this.#failed.set(hash, this.deps.now());
      this.deps.log.warning('a Python tool could not be described', { tool: tool.name, error });
    }
  }

  #hash(tool: PythonTool): string {
    const known = this.#hashes.get(tool);
    if (known !== undefined) return known;
    const hash = shortHash(JSON.stringify([tool.code, tool.variables]), 32);
    this.#hashes.set(tool, hash);
    return hash;
  }
}
