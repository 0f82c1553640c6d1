import type { JsonObject, JsonValue } from '../../../contract/json.ts';
import { secretMask } from '../../../contract/secretMask.ts';
import type { VmcpRecord } from '../../../contract/vmcps.ts';
import { InvalidError } from '../../appErrors.ts';
import { secretNames } from '../../store/secretNames.ts';
import type { SecretStore } from '../../store/secretStore.ts';
import type { SecretSlot } from './secretSlots.ts';
import { separateToolSecrets } from './toolSecrets.ts';

type ConfigValue = VmcpRecord['active_config'][string];

/** A vMCP with the mask in place of its secrets, and the secrets (as JSON). */
export function separateVmcpSecrets(record: VmcpRecord): {
  masked: VmcpRecord;
  slots: SecretSlot[];
} {
  const config = separateConfigSecrets(record);
  const tools = separateToolSecrets(record);
  return {
    masked: { ...record, active_config: config.masked, custom_tools: tools.masked },
    slots: [...config.slots, ...tools.slots],
  };
}

function separateConfigSecrets(
  record: Pick<VmcpRecord, 'vmcp_id' | 'active_config' | 'secret_keys'>,
): { masked: VmcpRecord['active_config']; slots: SecretSlot[] } {
  const secret = new Set(record.secret_keys);
  const slots: SecretSlot[] = [];
  const masked = Object.entries(record.active_config).map(([key, value]): [string, ConfigValue] => {
    if (!secret.has(key)) return [key, value];
    slots.push({
      name: secretNames.vmcpConfig(record.vmcp_id, key),
      path: `active_config.${key}`,
      value: value === secretMask ? secretMask : JSON.stringify(value),
    });
    return [key, secretMask];
  });
  return { masked: Object.fromEntries(masked), slots };
}

/**
 * A key that is no longer secret needs a new value: the mask would become the value itself.
 * @throws InvalidError at such a key
 */
export function requireValuesOfFormerSecrets(before: VmcpRecord, after: VmcpRecord): void {
  for (const key of before.secret_keys) {
    if (!after.secret_keys.includes(key) && after.active_config[key] === secretMask) {
      const message = `"${key}" is no longer secret; give its value again, or leave it out`;
      throw new InvalidError(message, `active_config.${key}`);
    }
  }
}

/**
 * `active_config` with its secrets in place; those that were never given are left out.
 * @throws AppError `locked`
 */
export function resolveConfig(record: VmcpRecord, secrets: SecretStore): JsonObject {
  const secret = new Set(record.secret_keys);
  const entries = Object.entries(record.active_config).flatMap(
    ([key, value]): [string, JsonValue][] => {
      if (!secret.has(key)) return [[key, value]];
      const stored = secrets.get(secretNames.vmcpConfig(record.vmcp_id, key));
      return stored === undefined ? [] : [[key, JSON.parse(stored) as JsonValue]];
    },
  );
  return Object.fromEntries(entries);
}
