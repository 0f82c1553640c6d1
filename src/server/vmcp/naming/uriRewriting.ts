import { isJsonObject, type JsonObject, type JsonValue } from '../../../contract/json.ts';

type MapUri = (uri: string) => string;
/** Content blocks nest at most this deep (a tool result inside a message). */
const maxDepth = 4;

/**
 * A result, notification or list entry with each URI of a resource put through `map`: `uri` itself,
 * `contents`, links and embedded resources in `content` and `messages`, `_meta.ui.resourceUri`.
 * @returns the same object where `map` changes nothing
 */
export function mapUris(value: JsonObject, map: MapUri): JsonObject {
  return mapMembers(value, {
    uri: (uri) => mapText(uri, map),
    contents: (contents) => mapEach(contents, (item) => mapUriMember(item, map)),
    content: (content) => mapContent(content, map, 0),
    messages: (messages) =>
      mapEach(messages, (message) =>
        mapMembers(message, { content: (content) => mapContent(content, map, 0) }),
      ),
    _meta: (meta) => mapMeta(meta, map),
  });
}

/** One block or a list of them. */
function mapContent(content: JsonValue, map: MapUri, depth: number): JsonValue {
  if (Array.isArray(content)) return mapEach(content, (block) => mapBlock(block, map, depth));
  return isJsonObject(content) ? mapBlock(content, map, depth) : content;
}

function mapBlock(block: JsonObject, map: MapUri, depth: number): JsonObject {
  if (block.type === 'resource_link') return mapUriMember(block, map);
  if (block.type === 'resource') {
    return mapMembers(block, {
      resource: (resource) => (isJsonObject(resource) ? mapUriMember(resource, map) : resource),
    });
  }
  if (block.type !== 'tool_result' || depth >= maxDepth) return block;
  return mapMembers(block, { content: (content) => mapContent(content, map, depth + 1) });
}

/** MCP Apps name their view as `_meta.ui.resourceUri`, older ones as `_meta["ui/resourceUri"]`. */
function mapMeta(meta: JsonValue, map: MapUri): JsonValue {
  if (!isJsonObject(meta)) return meta;
  return mapMembers(meta, {
    ui: (ui) =>
      isJsonObject(ui) ? mapMembers(ui, { resourceUri: (uri) => mapText(uri, map) }) : ui,
    'ui/resourceUri': (uri) => mapText(uri, map),
  });
}

function mapUriMember(value: JsonObject, map: MapUri): JsonObject {
  return mapMembers(value, { uri: (uri) => mapText(uri, map) });
}

function mapText(value: JsonValue, map: MapUri): JsonValue {
  return typeof value === 'string' ? map(value) : value;
}

function mapEach(value: JsonValue, map: (item: JsonObject) => JsonObject): JsonValue {
  if (!Array.isArray(value)) return value;
  let changed = false;
  const mapped = value.map((item) => {
    if (!isJsonObject(item)) return item;
    const after = map(item);
    changed ||= after !== item;
    return after;
  });
  return changed ? mapped : value;
}

function mapMembers(
  value: JsonObject,
  maps: Readonly<Record<string, (member: JsonValue) => JsonValue>>,
): JsonObject {
  let result = value;
  for (const [key, map] of Object.entries(maps)) {
    const member = value[key];
    if (member === undefined || !Object.hasOwn(value, key)) continue;
    const after = map(member);
    if (after === member) continue;
    if (result === value) result = { ...value };
    result[key] = after;
  }
  return result;
}
