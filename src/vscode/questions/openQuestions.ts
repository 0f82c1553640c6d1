/** A bundle of its own: what is needed only once a server asks something. */
export { manageConsents } from './manageConsents.ts';
export { QuestionDesk } from './questionDesk.ts';
