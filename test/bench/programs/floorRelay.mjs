// The least a relay can do: Node's http, one JSON.parse, one line to a stdio child, one reply.
// It gives out ids of its own, so that clients may share the child, but knows no sessions, names or errors.
// usage: node floorRelay.mjs COMMAND ARG…      prints its address
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';

const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
const waiting = new Map();
let lastId = 0;

let rest = '';
child.stdout.setEncoding('utf8').on('data', (chunk) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop();
  for (const line of lines) reply(line);
});

/** Puts the client's id back without parsing the line. */
function reply(line) {
  const match = /"id":(\d+)/.exec(line);
  const call = waiting.get(Number(match?.[1]));
  if (!call) return;
  waiting.delete(Number(match[1]));
  const { response, id } = call;
  const end = match.index + match[0].length;
  const text = `${line.slice(0, match.index)}"id":${JSON.stringify(id)}${line.slice(end)}`;
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    const message = JSON.parse(body);
    if (message.id === undefined) response.writeHead(202).end();
    else {
      lastId += 1;
      waiting.set(lastId, { response, id: message.id });
      message.id = lastId;
    }
    child.stdin.write(`${JSON.stringify(message)}\n`);
  });
});
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}/mcp`);
});
