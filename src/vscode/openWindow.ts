import * as vscode from 'vscode';
import { messageOf } from '../serverLink/linkError.ts';
import { CallDocuments } from './callDocuments.ts';
import { registerCommands } from './commands/registerCommands.ts';
import { connectedClient } from './connectedClient.ts';
import { Disposables } from './disposables.ts';
import { ItemStore } from './documents/itemStore.ts';
import { openDocuments } from './documents/openDocuments.ts';
import { Inventory } from './inventory.ts';
import { McpProvider } from './mcpProvider.ts';
import { Problems } from './problems.ts';
import { ProgressKeys } from './progressKeys.ts';
import { QuestionInbox } from './questions/questionInbox.ts';
import { RecentCalls } from './recentCalls.ts';
import { ConsentNotices } from './review/consentNotices.ts';
import { ReviewDocuments } from './review/reviewDocuments.ts';
import { ToolChangeNotices } from './review/toolChangeNotices.ts';
import { ServerOutputs } from './serverOutputs.ts';
import { ServerProcess } from './serverProcess.ts';
import { onServerSettingsChanged } from './settingChanges.ts';
import { takeAnswers } from './signIn/answerAddress.ts';
import { ServerNeeds } from './signIn/serverNeeds.ts';
import { StatusBar } from './statusBar.ts';
import { openViews } from './views/openViews.ts';
import { TreeSelection } from './views/treeSelection.ts';
import { VmcpEdits } from './vmcpEdits.ts';
import { Pages } from './webview/pages.ts';

/**
 * Builds the parts of a window and begins to connect it to the server; returns at once. Disposing
 * takes the definitions back from VS Code, then lets the server go.
 */
export function openWindow(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const dataDir = context.globalStorageUri.fsPath;
  const parts = new Disposables();
  const server = new ServerProcess(async () => {
    const { createLinkParts } = await import('./linkParts.ts');
    return createLinkParts(context, log, dataDir);
  });
  const inventory = parts.add(
    new Inventory(server, (error) => log.error(`The lists are not read: ${messageOf(error)}`)),
  );
  const edits = new VmcpEdits(() => server.client);
  const outputs = parts.add(new ServerOutputs(server, inventory));
  parts.add(new StatusBar(server, inventory));
  parts.add(new ProgressKeys(inventory));
  parts.add(new Problems(server, log));
  parts.add(new McpProvider(server, inventory, log));
  const store = new ItemStore(() => connectedClient(server));
  const pages = parts.add(new Pages(context, { process: server, inventory, edits, store, log }));
  const calls = parts.add(
    new RecentCalls(server, (error) => log.error(`The calls are not read: ${messageOf(error)}`)),
  );
  const callDocuments = new CallDocuments(() => server.client);
  parts.add(
    vscode.workspace.registerTextDocumentContentProvider(CallDocuments.scheme, callDocuments),
  );
  const shared = { inventory, edits, calls, log, selection: new TreeSelection() };
  const documents = parts.add(new ReviewDocuments());
  parts.add(
    vscode.workspace.registerTextDocumentContentProvider(ReviewDocuments.scheme, documents),
  );
  const reviewParts = { inventory, documents, log, client: () => server.client };
  parts.add(new QuestionInbox({ process: server, documents, log }));
  const consents = parts.add(new ConsentNotices(reviewParts));
  const toolChanges = parts.add(new ToolChangeNotices({ ...reviewParts, onEvent: server.onEvent }));
  const commandContext = {
    ...shared,
    process: server,
    outputs,
    pages,
    store,
    callDocuments,
    consents,
    toolChanges,
    dataDir,
    extensionId: context.extension.id,
    needs: parts.add(new ServerNeeds(inventory)),
  };
  for (const part of openViews(shared)) parts.add(part);
  parts.add(takeAnswers(server, log));
  for (const part of openDocuments(server, store, log)) parts.add(part);
  for (const command of registerCommands(commandContext)) parts.add(command);
  parts.add(onServerSettingsChanged(() => void server.applySettings()));
  parts.add(
    server.onDidChangeState((state) => {
      const port = state.status === 'connected' ? ` port=${state.server.port}` : '';
      log.info(`server ${state.status}${port}`);
    }),
  );
  server.open();
  // A bundle of its own, which loads while the server starts.
  import('./language/openLanguage.ts')
    .then(({ openLanguage }) => {
      const made = openLanguage({ process: server, inventory, store, log });
      for (const part of made) parts.add(part);
    })
    .catch((error) => log.error(`Documents get no help while they are typed: ${messageOf(error)}`));
  return {
    dispose: () => {
      parts.dispose();
      void server.close();
    },
  };
}
