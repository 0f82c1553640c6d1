import { messageBodySchema } from '../../../contract/common.ts';
import {
  editorAnswerSchema,
  editorConsentsSchema,
  editorQuestionSchema,
} from '../../../contract/questions.ts';
import type { EditorAnswers } from '../../editor/editorAnswers.ts';
import type { Vmcps } from '../../vmcp/configuration/vmcps.ts';
import { type Route, route } from './route.ts';

export interface QuestionRouteDependencies {
  editor: EditorAnswers;
  vmcps: Vmcps;
}

/** Questions of servers that a window of VS Code answers in place of a client. */
export function questionRoutes({ editor, vmcps }: QuestionRouteDependencies): Route[] {
  return [
    route('get', '/api/admin/questions/{question_id}', {
      summary: 'What a window is asked',
      guard: 'admin',
      reply: editorQuestionSchema,
      handle: ({ params }) => editor.questions.get(params.question_id),
    }),
    route('post', '/api/admin/questions/{question_id}/answer', {
      summary: 'The answer of the window that was asked',
      guard: 'admin',
      body: editorAnswerSchema,
      reply: messageBodySchema,
      handle: ({ params, body }) => {
        editor.questions.answer(params.question_id, body);
        return { message: 'Answered' };
      },
    }),
    route('get', '/api/vmcps/{vmcp_id}/editor-consents', {
      summary: 'What the user allowed the servers of a vMCP for good',
      reply: editorConsentsSchema,
      handle: ({ params }) => {
        vmcps.get(params.vmcp_id);
        return editor.consents(params.vmcp_id);
      },
    }),
    route('put', '/api/vmcps/{vmcp_id}/editor-consents', {
      summary: 'Allow or withdraw it; “ask” asks again',
      guard: 'admin',
      body: editorConsentsSchema,
      reply: editorConsentsSchema,
      handle: ({ params, body }) => {
        vmcps.get(params.vmcp_id);
        return editor.setConsents(params.vmcp_id, body);
      },
    }),
  ];
}
