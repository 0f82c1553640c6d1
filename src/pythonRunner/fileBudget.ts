import type { FileNode, FileSystem } from './pythonModule.ts';

/** WASI's number for "no space left on device". */
const noSpace = 51;

/**
 * Limits what Python's files may hold. They are in memory, but in JavaScript's, where WebAssembly's limit
 * does not count.
 */
export function limitFiles(files: FileSystem, mostBytes: number): void {
  let used = bytesOf(files);
  /** Room for a file that grows to `size`. What was deleted meanwhile is found out only when it matters. */
  const reserve = (node: FileNode, size: number) => {
    const more = size - capacityOf(node);
    if (more <= 0) return;
    if (used + more > mostBytes) used = bytesOf(files);
    if (used + more > mostBytes) throw new files.ErrnoError(noSpace);
    used += more;
  };

  const { node, stream } = files.filesystems.MEMFS.ops_table.file;
  const { setattr } = node;
  const { write } = stream;
  node.setattr = (target, attributes) => {
    if (attributes.size !== undefined) reserve(target, attributes.size);
    setattr(target, attributes);
  };
  stream.write = (target, buffer, offset, length, position, canOwn) => {
    reserve(target.node, position + length);
    return write(target, buffer, offset, length, position, canOwn);
  };
}

/** All files below the root, and those that are deleted but still open. */
function bytesOf(files: FileSystem): number {
  const seen = new Set<FileNode>();
  const waiting = [files.root, ...files.streams.map((stream) => stream?.node)];
  let bytes = 0;
  for (let node = waiting.pop(); waiting.length > 0 || node; node = waiting.pop()) {
    if (!node || seen.has(node)) continue;
    seen.add(node);
    bytes += capacityOf(node);
    if (node.contents && !ArrayBuffer.isView(node.contents)) {
      waiting.push(...Object.values(node.contents));
    }
  }
  return bytes;
}

function capacityOf(node: FileNode): number {
  return ArrayBuffer.isView(node.contents) ? node.contents.byteLength : 0;
}
