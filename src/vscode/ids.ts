/** Every id that the code shares with `package.json`; a test compares the two. */

export const commandIds = {
  addServer: 'vmcp.addServer',
  importServers: 'vmcp.importServers',
  browseRegistry: 'vmcp.browseRegistry',
  editServer: 'vmcp.editServer',
  renameServer: 'vmcp.renameServer',
  removeServer: 'vmcp.removeServer',
  enableServer: 'vmcp.enableServer',
  disableServer: 'vmcp.disableServer',
  connectServer: 'vmcp.connectServer',
  disconnectServer: 'vmcp.disconnectServer',
  reconnectServer: 'vmcp.reconnectServer',
  showServerOutput: 'vmcp.showServerOutput',
  signIn: 'vmcp.signIn',
  signOut: 'vmcp.signOut',
  manageSecrets: 'vmcp.manageSecrets',
  setMissingSecret: 'vmcp.setMissingSecret',
  moveLiteralKeys: 'vmcp.moveLiteralKeys',
  createVmcp: 'vmcp.createVmcp',
  editVmcp: 'vmcp.editVmcp',
  renameVmcp: 'vmcp.renameVmcp',
  deleteVmcp: 'vmcp.deleteVmcp',
  addServersToVmcp: 'vmcp.addServersToVmcp',
  removeServerFromVmcp: 'vmcp.removeServerFromVmcp',
  chooseTools: 'vmcp.chooseTools',
  renameTool: 'vmcp.renameTool',
  selectEverything: 'vmcp.selectEverything',
  selectNothing: 'vmcp.selectNothing',
  newCustomTool: 'vmcp.newCustomTool',
  newPrompt: 'vmcp.newPrompt',
  newResource: 'vmcp.newResource',
  importTools: 'vmcp.importTools',
  editItem: 'vmcp.editItem',
  editItemText: 'vmcp.editItemText',
  duplicateItem: 'vmcp.duplicateItem',
  renameItem: 'vmcp.renameItem',
  tryItem: 'vmcp.tryItem',
  copyAddress: 'vmcp.copyAddress',
  copyLauncherEntry: 'vmcp.copyLauncherEntry',
  copyInstallLink: 'vmcp.copyInstallLink',
  exportVmcp: 'vmcp.exportVmcp',
  undoExport: 'vmcp.undoExport',
  openDashboard: 'vmcp.openDashboard',
  tick: 'vmcp.tick',
  untick: 'vmcp.untick',
  deleteOwnItem: 'vmcp.deleteOwnItem',
  openCall: 'vmcp.openCall',
  pauseActivity: 'vmcp.pauseActivity',
  resumeActivity: 'vmcp.resumeActivity',
  clearActivity: 'vmcp.clearActivity',
  showFailedCalls: 'vmcp.showFailedCalls',
  showAllCalls: 'vmcp.showAllCalls',
  openLog: 'vmcp.openLog',
  openServerLog: 'vmcp.openServerLog',
  copyDiagnostics: 'vmcp.copyDiagnostics',
  restartServer: 'vmcp.restartServer',
  allowServer: 'vmcp.allowServer',
  denyServer: 'vmcp.denyServer',
  reviewToolChanges: 'vmcp.reviewToolChanges',
  acceptToolChanges: 'vmcp.acceptToolChanges',
  manageClientTokens: 'vmcp.manageClientTokens',
  manageAnswers: 'vmcp.manageAnswers',
  showMenu: 'vmcp.showMenu',
  openWalkthrough: 'vmcp.openWalkthrough',
  renameSelected: 'vmcp.renameSelected',
  deleteSelected: 'vmcp.deleteSelected',
} as const;
export type CommandId = (typeof commandIds)[keyof typeof commandIds];

export const viewIds = {
  vmcps: 'vmcp.vmcpsView',
  servers: 'vmcp.serversView',
  activity: 'vmcp.activityView',
} as const;

export const viewContainerId = 'vmcp';

/** Webviews; the bundle of each has this name, and `vmcp.<id>` is VS Code's type of it. */
export const pageIds = {
  dashboard: 'dashboard',
  vmcpEditor: 'vmcpEditor',
  toolEditor: 'toolEditor',
  inspector: 'inspector',
} as const;
export type PageId = (typeof pageIds)[keyof typeof pageIds];

/** `starting`, `connected` or `failed`: chooses the welcome text of the views. */
export const stateContextKey = 'vmcp.state';

/** What the view *Activity* shows; its buttons depend on it. */
export const contextKeys = {
  activityPaused: 'vmcp.activity.paused',
  activityFailedOnly: 'vmcp.activity.failedOnly',
} as const;

/** Whether there are any: steps of the walkthrough are done by them, and commands on them shown. */
export const progressKeys = {
  hasServers: 'vmcp.hasServers',
  hasVmcps: 'vmcp.hasVmcps',
  hasOwnItems: 'vmcp.hasOwnItems',
} as const;

/** Of `contributes.walkthroughs`. */
export const walkthroughId = 'start';

/** Of `contributes.mcpServerDefinitionProviders`. */
export const mcpProviderId = 'vmcp.servers';

export const settingIds = {
  keepRunning: 'vmcp.server.keepRunning',
  authentication: 'vmcp.server.authentication',
  allowedOrigins: 'vmcp.server.allowedOrigins',
  logLevel: 'vmcp.log.level',
  registryUrl: 'vmcp.registry.url',
  otlpEndpoint: 'vmcp.telemetry.otlpEndpoint',
} as const;

/** What the tree items say of themselves; `when` clauses in `package.json` match them. */
export const contextValues = {
  /** Followed by `.changed` where tools differ from what was accepted. */
  vmcp: 'vmcp',
  vmcpServer: 'vmcpServer',
  /** Followed by `.tools`, `.prompts` or `.resources`, and `.on` or `.off`. */
  vmcpPart: 'vmcpPart',
  /** Followed by `.` and the group. */
  vmcpGroup: 'vmcpGroup',
  ownItem: 'ownItem',
  config: 'config',
  call: 'call',
  runningCall: 'runningCall',
  /** Followed by `.connected`, `.idle` or `.disabled`, then `.wantsSignIn`, `.wantsSecret`, `.signedIn`. */
  server: 'server',
} as const;
