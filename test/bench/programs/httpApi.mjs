// The API behind the HTTP tool: answers everything at once. Prints its address.
import { createServer } from 'node:http';

const body = JSON.stringify({ result: 'ok' });

const server = createServer((request, response) => {
  request.resume();
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': body.length,
  });
  response.end(body);
});
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}/`);
});
