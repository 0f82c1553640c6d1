import type { CommandId } from '../ids.ts';
import { activityCommands } from './activityCommands.ts';
import type { CommandContext } from './commandContext.ts';
import { copyCommands } from './copyCommands.ts';
import { itemCommands } from './itemCommands.ts';
import { keyCommands } from './keyCommands.ts';
import { reviewCommands } from './reviewCommands.ts';
import { serverCommands } from './serverCommands.ts';
import { trustCommands } from './trustCommands.ts';
import { vmcpCommands } from './vmcpCommands.ts';
import { windowCommands } from './windowCommands.ts';

/** What a command does; a command of a menu gets the node it was called on, and all selected ones. */
export type CommandHandler = (node?: unknown, nodes?: unknown) => Promise<void>;

/** What each command does. */
export function createHandlers(context: CommandContext): Record<CommandId, CommandHandler> {
  return {
    ...serverCommands(context),
    ...trustCommands(context),
    ...vmcpCommands(context),
    ...itemCommands(context),
    ...copyCommands(context),
    ...activityCommands(context),
    ...windowCommands(context),
    ...keyCommands(context),
    ...reviewCommands(context),
  };
}
