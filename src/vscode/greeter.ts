import * as vscode from 'vscode';
import { messageOf } from '../serverLink/linkError.ts';
import type { RestClient } from '../serverLink/restClient.ts';
import { RestError } from '../serverLink/restError.ts';
import { obtainSecretsKey } from './secretsKey.ts';
import type { Greeting } from './serverProcess.ts';
import { readServerSettings } from './settings.ts';

const toldName = 'vmcp.secretsKey.told';

/** Hands this window's settings and the key of the secrets over to the server. */
export class Greeter implements Greeting {
  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  async greet(client: RestClient, folder: string): Promise<void> {
    await Promise.all([this.applySettings(client), this.#handOverKey(client, folder)]);
  }

  async applySettings(client: RestClient): Promise<void> {
    await client.applySettings(readServerSettings()).catch((error: unknown) => {
      this.log.error(`The server does not take the settings: ${messageOf(error)}`);
    });
  }

  async #handOverKey(client: RestClient, folder: string): Promise<void> {
    try {
      const { key, keptIn } = await obtainSecretsKey(
        this.context.secrets,
        this.context.globalState,
        folder,
        // The main process of the desktop; each window of a browser is a run of its own.
        process.env.VSCODE_PID ?? vscode.env.sessionId,
      );
      await client.handOverSecretsKey(key);
      if (keptIn === 'file') await this.#tellOnce();
    } catch (error) {
      this.log.error(`The key of the stored secrets was not handed over: ${messageOf(error)}`);
      if (error instanceof RestError && error.status < 500) this.#tellMismatch();
    }
  }

  async #tellOnce(): Promise<void> {
    if (this.context.globalState.get(toldName) === true) return;
    await this.context.globalState.update(toldName, true);
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        'VS Code does not keep secrets on this machine, so vMCP keeps the key of its secrets in a file that only you can read.',
      ),
    );
  }

  #tellMismatch(): void {
    void vscode.window.showWarningMessage(
      vscode.l10n.t(
        'The key that VS Code holds does not fit the secrets that vMCP has stored. Servers that need one stay locked until you enter it again.',
      ),
    );
  }
}
