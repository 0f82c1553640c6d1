import { type EditorConsents, editorConsentsSchema } from '../../contract/questions.ts';
import type { Store } from '../store/store.ts';

const settingPrefix = 'editor_consents/';

/** What users decided for good about models and folders, a vMCP at a time. */
export class EditorConsentRecords {
  constructor(private readonly store: Store) {}

  of(vmcpId: string): EditorConsents {
    const setting = this.store.collections.settings.get(settingPrefix + vmcpId);
    const kept = setting && editorConsentsSchema.safeParse(setting.value).data;
    return kept ?? { sampling: 'ask', roots: 'ask' };
  }

  async change(vmcpId: string, change: Partial<EditorConsents>): Promise<EditorConsents> {
    const value = { ...this.of(vmcpId), ...change };
    await this.store.commit([
      { collection: 'settings', put: { key: settingPrefix + vmcpId, value } },
    ]);
    return value;
  }

  /** The vMCP was deleted. */
  async forget(vmcpId: string): Promise<void> {
    const key = settingPrefix + vmcpId;
    if (!this.store.collections.settings.get(key)) return;
    await this.store.commit([{ collection: 'settings', delete: key }]);
  }
}
