import * as z from 'zod';
import { jsonObjectSchema } from '../../../contract/common.ts';
import type { JsonObject } from '../../../contract/json.ts';
import type { Change, SettingRecord } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';

const settingPrefix = 'tool_reviews/';

/** Pairs, since names of tools may be anything, `__proto__` included. */
const keptSchema = z.object({
  servers: z.array(
    z.object({
      server_id: z.string(),
      accepted: z.array(z.tuple([z.string(), z.string()])).nullable(),
      before: z.array(z.tuple([z.string(), jsonObjectSchema.nullable()])),
    }),
  ),
});

/** What is known of the tools of one server in one vMCP. */
export interface ServerReview {
  /** Fingerprints by tool; undefined where nothing is held back, or the server was never seen. */
  accepted: ReadonlyMap<string, string> | undefined;
  /** Tools that differ, with the definition that was accepted (null: none, or not known any more). */
  before: ReadonlyMap<string, JsonObject | null>;
}
export type Reviews = ReadonlyMap<string, ServerReview>;

const nothing: Reviews = new Map();

/** Reviews of tools, in the store beside the vMCPs. */
export class ReviewRecords {
  readonly #parsed = new WeakMap<SettingRecord, Reviews>();

  constructor(private readonly store: Store) {}

  /** By server. */
  of(vmcpId: string): Reviews {
    const setting = this.store.collections.settings.get(settingPrefix + vmcpId);
    if (!setting) return nothing;
    const known = this.#parsed.get(setting);
    if (known) return known;
    const parsed = parse(setting.value);
    this.#parsed.set(setting, parsed);
    return parsed;
  }

  put(vmcpId: string, reviews: Reviews): Change {
    const servers = [...reviews].map(([server_id, { accepted, before }]) => {
      return { server_id, accepted: accepted ? [...accepted] : null, before: [...before] };
    });
    return { collection: 'settings', put: { key: settingPrefix + vmcpId, value: { servers } } };
  }

  removal(vmcpId: string): Change[] {
    const key = settingPrefix + vmcpId;
    const isKept = this.store.collections.settings.get(key) !== undefined;
    return isKept ? [{ collection: 'settings', delete: key }] : [];
  }
}

function parse(value: JsonObject): Reviews {
  const { servers = [] } = keptSchema.safeParse(value).data ?? {};
  return new Map(
    servers.map(({ server_id, accepted, before }) => [
      server_id,
      { accepted: accepted ? new Map(accepted) : undefined, before: new Map(before) },
    ]),
  );
}
