import type { Variable } from '../../../contract/customItems.ts';

/** A variable for a file in a multipart body. */
export function fileVariable(
  required: boolean,
  description = 'The file to send',
): Omit<Variable, 'name'> {
  return {
    type: 'dict',
    required,
    description,
    schema: {
      properties: {
        filename: { type: 'string' },
        content_type: { type: 'string' },
        text: { type: 'string', description: 'The content, where it is text' },
        data: { type: 'string', description: 'The content in base64, where it is not' },
      },
      required: ['filename'],
    },
  };
}
