import * as l10n from '@vscode/l10n';
import type { LogEntry } from '../../src/contract/stats.ts';
import type { LoggedCall, RunOutcome } from '../../src/contract/webview/dashboard.ts';
import { asFailure, type RequestFailure } from '../shared/requestFailure.ts';
import type { Dashboard } from './dashboard.ts';
import { formatJson } from './format.ts';

/** Does a logged operation again; the window asks first where that may change something. */
export async function runAgain({ link, records }: Dashboard, entry: LogEntry): Promise<void> {
  const { log_id } = entry;
  records.update(log_id, { isRunning: true, said: '' });
  try {
    const outcome = (await link.request('window', 'runAgain', callOf(entry))) as RunOutcome;
    records.update(log_id, { isRunning: false, outcome });
  } catch (error) {
    records.update(log_id, { isRunning: false, said: obstacle(asFailure(error)) });
  }
}

/** The REST call that does the same; the token is left to the one who runs it. */
export async function copyCurl({ link, records }: Dashboard, entry: LogEntry): Promise<void> {
  try {
    await link.request('window', 'copyCurl', callOf(entry));
    const said = l10n.t('Copied. VMCP_TOKEN stands for the adminToken in server.json.');
    records.update(entry.log_id, { said });
  } catch (error) {
    records.update(entry.log_id, { said: obstacle(asFailure(error)) });
  }
}

export async function copyRecord({ link, records }: Dashboard, entry: LogEntry): Promise<void> {
  await link.request('window', 'copyText', { text: formatJson(entry) });
  records.update(entry.log_id, { said: l10n.t('Copied.') });
}

function callOf({ vmcp_id, method, target, mcp_server_id, ...entry }: LogEntry): LoggedCall {
  return { vmcp_id, method, target, mcp_server_id, arguments: entry.arguments };
}

/** Why a record cannot be done again, in words. */
function obstacle({ status, error, detail }: RequestFailure): string {
  if (status === 400 && detail === 'cut') {
    return l10n.t('The arguments were too large to be kept whole.');
  }
  if (status === 400 && detail === 'masked') {
    return l10n.t('The arguments held a secret, which is not kept.');
  }
  return detail === '' ? error : `${error}: ${detail}`;
}
