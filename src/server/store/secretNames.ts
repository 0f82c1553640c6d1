/** Under which names secrets of servers and vMCPs stand in the secret store. */
export const secretNames = {
  /** Everything of one server. */
  server: (serverId: string) => `server/${serverId}/`,
  serverEnv: (serverId: string, variable: string) => `server/${serverId}/env/${variable}`,
  serverHeader: (serverId: string, header: string) => `server/${serverId}/header/${header}`,
  /** `field`: token, key, username, password; for auth headers `header/<name>`. */
  serverAuth: (serverId: string, field: string) => `server/${serverId}/auth/${field}`,
  /** Everything of the sign-in at one server: apart from its configuration, which tokens do not change. */
  oauth: (serverId: string) => `oauth/${serverId}/`,
  oauthField: (serverId: string, field: string) => `oauth/${serverId}/${field}`,
  /** What servers refer to as `${secret:name}`. */
  named: (name: string) => `named/${name}`,
  /** Everything of one vMCP. */
  vmcp: (vmcpId: string) => `vmcp/${vmcpId}/`,
  vmcpConfig: (vmcpId: string, key: string) => `vmcp/${vmcpId}/config/${key}`,
  /** `field`: path of a credential in the tool's `api_config`. */
  vmcpTool: (vmcpId: string, tool: string, field: string) => `vmcp/${vmcpId}/tool/${tool}/${field}`,
};
