import { fileURLToPath } from 'node:url';

const path = (fromHere: string) => fileURLToPath(new URL(fromHere, import.meta.url));

/** The repository's top folder, with a separator at its end. */
export const repository = path('../../');

/** The built server program. */
export const serverProgram = path('../../dist/server.js');

/** The built launcher program. */
export const launcherProgram = path('../../dist/launcher.js');

/** Programs to stand behind vMCP. */
export const upstreams = {
  everything: path('../../node_modules/@modelcontextprotocol/server-everything/dist/index.js'),
  filesystem: path('../../node_modules/@modelcontextprotocol/server-filesystem/dist/index.js'),
  conformance: path('../fixtures/conformanceServer.mjs'),
  modern: path('../fixtures/modernServer.mjs'),
  odd: path('../fixtures/upstream/oddServer.mjs'),
  changing: path('../fixtures/upstream/changingServer.mjs'),
};
