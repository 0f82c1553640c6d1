// The MCP server behind every contender: stdio, two tools, no library, so that its own time is small.
import { createInterface } from 'node:readline';

const tools = [
  {
    name: 'echo',
    description: 'Answers the message',
    inputSchema: {
      type: 'object',
      properties: { message: { type: 'string' } },
      required: ['message'],
    },
  },
  { name: 'sleep', description: 'Answers after 0.5 s', inputSchema: { type: 'object' } },
];

const answer = (id, result) => {
  process.stdout.write(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${result}}\n`);
};
const text = (value) => JSON.stringify({ content: [{ type: 'text', text: value }] });

createInterface(process.stdin).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  if (method === 'tools/call') {
    if (params.name === 'sleep') setTimeout(() => answer(id, text('slept')), 500);
    else answer(id, text(`Echo: ${params.arguments.message}`));
  } else if (method === 'tools/list') {
    answer(id, JSON.stringify({ tools }));
  } else if (method === 'initialize') {
    const result = {
      protocolVersion: params.protocolVersion,
      capabilities: { tools: {} },
      serverInfo: { name: 'echo', version: '1.0.0' },
    };
    answer(id, JSON.stringify(result));
  } else {
    answer(id, '{}');
  }
});
