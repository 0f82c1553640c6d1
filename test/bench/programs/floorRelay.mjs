// The least a relay can do: Node's http, one JSON.parse, one line to a stdio child, one reply.
// It knows no sessions, names or errors; ids must be numbers that no two clients share.
// usage: node floorRelay.mjs COMMAND ARG…      prints its address
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';

const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
const waiting = new Map();

let rest = '';
child.stdout.setEncoding('utf8').on('data', (chunk) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop();
  for (const line of lines) {
    const id = Number(/"id":(\d+)/.exec(line)?.[1]);
    const response = waiting.get(id);
    waiting.delete(id);
    response?.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(line),
    });
    response?.end(line);
  }
});

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    const { id } = JSON.parse(body);
    if (id === undefined) response.writeHead(202).end();
    else waiting.set(id, response);
    child.stdin.write(`${body}\n`);
  });
});
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}/mcp`);
});
