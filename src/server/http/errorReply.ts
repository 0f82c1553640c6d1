import * as z from 'zod';
import type { ErrorBody } from '../../contract/common.ts';
import { RpcError, rpcCodes } from '../../contract/jsonRpc.ts';
import { AppError } from '../appErrors.ts';
import { UpstreamError } from '../upstream/upstreamError.ts';
import { UnknownItemError } from '../vmcp/operations/unknownItemError.ts';
import { HttpError } from './httpError.ts';

/** How a failed request is answered. */
export interface ErrorReply {
  status: number;
  body: ErrorBody;
  headers: Readonly<Record<string, string>>;
  /** Not foreseen: has to stand in the log. */
  unexpected: boolean;
}

const appStatus = {
  not_found: 404,
  conflict: 409,
  invalid: 400,
  locked: 409,
  forbidden: 403,
} as const;

/** Every error in the words and with the status of REST; of an unforeseen one nothing is told. */
export function errorReply(error: unknown): ErrorReply {
  if (error instanceof HttpError) {
    return { ...reply(error.status, error.message, error.detail), headers: error.headers };
  }
  if (error instanceof AppError) return reply(appStatus[error.code], error.message, error.detail);
  if (error instanceof z.ZodError) return reply(400, 'Invalid request', zodDetail(error));
  if (error instanceof UpstreamError && error.code === 'consent_required') {
    return reply(409, `MCP server “${error.serverName}” waits for consent`, error.message);
  }
  if (error instanceof UpstreamError) {
    return reply(
      500,
      `MCP server “${error.serverName}” gave no answer`,
      `${error.code}: ${error.message}`,
    );
  }
  if (error instanceof RpcError) {
    return reply(rpcStatus(error), error.message, `JSON-RPC error ${error.code}`);
  }
  return {
    ...reply(500, 'Internal server error', 'The cause stands in the log of the server.'),
    unexpected: true,
  };
}

function reply(status: number, error: string, detail: string): ErrorReply {
  return { status, body: { error, detail }, headers: {}, unexpected: false };
}

function rpcStatus(error: RpcError): number {
  if (error instanceof UnknownItemError || error.code === rpcCodes.resourceNotFound) return 404;
  return error.code === rpcCodes.invalidParams ? 400 : 500;
}

/** `field.path: what is wrong`, for each wrong field. */
function zodDetail(error: z.ZodError): string {
  return error.issues.map(issueText).join('; ');
}

function issueText(issue: z.core.$ZodIssue): string {
  const path = pathText(issue.path);
  const nested = issue.code === 'invalid_union' ? nearestBranch(issue.errors) : undefined;
  if (nested) {
    return nested
      .map((inner) => issueText({ ...inner, path: [...issue.path, ...inner.path] }))
      .join('; ');
  }
  return `${path}: ${issue.message}`;
}

/** Of a union's branches the one that came furthest: its complaints are what the sender can mend. */
function nearestBranch(branches: z.core.$ZodIssue[][]): z.core.$ZodIssue[] | undefined {
  const isTypeMismatch = (issue: z.core.$ZodIssue) =>
    issue.code === 'invalid_type' && issue.path.length === 0;
  return branches
    .filter((issues) => issues.length > 0 && !issues.some(isTypeMismatch))
    .toSorted((a, b) => a.length - b.length)[0];
}

function pathText(path: PropertyKey[]): string {
  if (path.length === 0) return 'body';
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}
