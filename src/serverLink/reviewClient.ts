import * as z from 'zod';
import { type ClientToken, clientTokenSchema } from '../contract/admin.ts';
import { type ConsentAnswer, type McpServer, mcpServerSchema } from '../contract/servers.ts';
import {
  type AcceptToolChanges,
  type ToolChange,
  toolChangesSchema,
} from '../contract/toolChanges.ts';
import type { RestClient } from './restClient.ts';

/** The part of the REST API by which the user decides who and what may do something. */
export class ReviewClient {
  constructor(private readonly rest: RestClient) {}

  /** @throws RestError 409 where another window answered, or it is about something else by now */
  async answerConsent(serverId: string, answer: ConsentAnswer): Promise<McpServer> {
    const path = `/api/mcp-servers/${encodeURIComponent(serverId)}/consent`;
    return mcpServerSchema.parse(await this.rest.forward('POST', path, { body: answer }));
  }

  /** Tools that are not what they were when they were accepted. */
  async toolChanges(vmcpId: string): Promise<ToolChange[]> {
    const path = `/api/vmcps/${encodeURIComponent(vmcpId)}/tool-changes`;
    return toolChangesSchema.parse(await this.rest.forward('GET', path, {})).changes;
  }

  /** @throws RestError 409 where one is not what was looked at */
  async acceptToolChanges(vmcpId: string, body: AcceptToolChanges): Promise<void> {
    const path = `/api/vmcps/${encodeURIComponent(vmcpId)}/tool-changes/accept`;
    await this.rest.forward('POST', path, { body });
  }

  async tokens(): Promise<ClientToken[]> {
    const answer = await this.rest.forward('GET', '/api/admin/client-tokens', {});
    return z.array(clientTokenSchema).parse(answer);
  }

  /** @param vmcpId null: for all vMCPs */
  async createToken(name: string, vmcpId: string | null): Promise<ClientToken> {
    const body = { name, vmcp_id: vmcpId };
    const answer = await this.rest.forward('POST', '/api/admin/client-tokens', { body });
    return clientTokenSchema.parse(answer);
  }

  async withdrawToken(tokenId: string): Promise<void> {
    await this.rest.forward(
      'DELETE',
      `/api/admin/client-tokens/${encodeURIComponent(tokenId)}`,
      {},
    );
  }
}
