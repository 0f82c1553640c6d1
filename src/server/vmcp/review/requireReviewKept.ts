import type { VmcpRecord } from '../../../contract/vmcps.ts';
import { ForbiddenError } from '../../appErrors.ts';

/**
 * Refuses the end of a review by others than the user: it would accept what is held back.
 * @throws ForbiddenError
 */
export function requireReviewKept(before: VmcpRecord, after: VmcpRecord): void {
  const isReviewed = ({ options }: VmcpRecord) => options.tool_changes === 'review';
  if (!isReviewed(before) || isReviewed(after)) return;
  throw new ForbiddenError(
    `vMCP "${before.name}" reviews changed tools, which only its user can end`,
    'options.tool_changes: change it in VS Code, or with the admin token',
  );
}
