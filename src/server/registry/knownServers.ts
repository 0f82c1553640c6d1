import * as z from 'zod';
import known from './knownServers.json' with { type: 'json' };
import type { RegistryEntry } from './recipe.ts';

const knownServerSchema = z.strictObject({
  title: z.string(),
  category: z.string(),
  description: z.string(),
  url: z.url(),
  transport_type: z.enum(['http', 'sse']),
  requires_auth: z.boolean(),
});

/** Remote servers of well-known services, which are listed without asking any registry. */
export function knownServers(): RegistryEntry[] {
  return z.array(knownServerSchema).parse(known).map(toEntry);
}

function toEntry(server: z.infer<typeof knownServerSchema>): RegistryEntry {
  const { title, category, description, url, transport_type, requires_auth } = server;
  const part = { value: url, asks: [], optional: false };
  return {
    registry_id: `known/${title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`,
    title,
    description,
    source: 'built-in',
    category,
    version: '',
    website: '',
    repository: '',
    requires_auth,
    options: [
      {
        option_id: '0',
        title: `${transport_type === 'sse' ? 'SSE' : 'HTTP'}: ${new URL(url).hostname}`,
        transport_type,
        summary: url,
        questions: [],
        recipe: { type: transport_type, url: part, headers: [] },
      },
    ],
  };
}
