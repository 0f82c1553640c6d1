import type {
  FoundServer,
  ImportedServers,
  ImportPreview,
  ImportServers,
  ImportSource,
} from '../../contract/serverImport.ts';
import type { CreateServer } from '../../contract/servers.ts';
import { AppError, InvalidError } from '../appErrors.ts';
import type { Requester } from '../consent/consents.ts';
import type { Servers } from '../vmcp/configuration/servers.ts';
import { freeName, lowerNames } from '../vmcp/configuration/uniqueName.ts';
import { type ClientFiles, type CurrentEnvironment, fileProblem } from './clientFiles.ts';
import { questionId, withAnswers } from './fillDraft.ts';
import { findMissingProgram } from './findProgram.ts';
import { ConfigTextError, type Draft } from './read/draft.ts';
import { legalName } from './read/legalName.ts';
import { readServerText } from './read/readServerText.ts';
import { isOwnVmcp, reachKey, summaryOf } from './sameServer.ts';

interface SourcedDraft {
  entryId: string;
  fileId: string | undefined;
  draft: Draft;
}

interface ReadSource {
  kind: ImportPreview['kind'];
  drafts: SourcedDraft[];
  problems: ImportPreview['problems'];
}

export interface ServerImportsDependencies {
  servers: Pick<Servers, 'list' | 'create'>;
  files: ClientFiles;
  environment: CurrentEnvironment;
}

/** Makes servers of what people paste and of what other clients have; tells before what would come. */
export class ServerImports {
  constructor(private readonly dependencies: ServerImportsDependencies) {}

  /** @throws InvalidError where a pasted text is not understood */
  async preview(source: ImportSource): Promise<ImportPreview> {
    const { kind, drafts, problems } = await this.#read(source);
    const existing = this.dependencies.servers.list();
    const names = lowerNames(existing);
    const reached = new Map(existing.map((server) => [reachKey(server), server.name]));
    const servers: FoundServer[] = [];
    for (const sourced of drafts) {
      const found = this.#describe(sourced, names, reached);
      servers.push({ ...found, ...(await this.#missing(found, sourced)) });
    }
    return { kind, servers, problems };
  }

  /** Creates what was chosen; one that fails does not hold up the others. @throws as `preview` */
  async import({ source, take, answers }: ImportServers, by: Requester): Promise<ImportedServers> {
    const { drafts } = await this.#read(source);
    const byId = new Map(drafts.map((sourced) => [sourced.entryId, sourced]));
    const result: ImportedServers = { servers: [], failed: [], notes: [] };
    for (const { entry_id, name } of take) {
      try {
        const sourced = byId.get(entry_id);
        if (!sourced) throw new InvalidError('It is no longer there', entry_id);
        const body = withAnswers(sourced.draft, answers, sourced.fileId);
        const taken = lowerNames(this.dependencies.servers.list());
        const wanted = name ?? freeName(legalName(sourced.draft.name), taken);
        result.servers.push(await this.dependencies.servers.create({ ...body, name: wanted }, by));
        result.notes.push(...sourced.draft.notes.map((note) => `${wanted}: ${note}`));
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        result.failed.push({ entry_id, error: `${error.message} (${error.detail})` });
      }
    }
    return result;
  }

  async #read(source: ImportSource): Promise<ReadSource> {
    return 'text' in source ? this.#readText(source.text) : this.#readFiles(source);
  }

  #readText(text: string): ReadSource {
    try {
      const { kind, drafts } = readServerText(text, this.dependencies.environment());
      const sourced = drafts.map((draft) => {
        return { entryId: `text#${draft.name}`, fileId: undefined, draft };
      });
      return { kind, drafts: sourced, problems: [] };
    } catch (error) {
      if (error instanceof ConfigTextError) throw new InvalidError(error.message, 'text');
      throw error;
    }
  }

  async #readFiles(source: Extract<ImportSource, { file_ids: string[] }>): Promise<ReadSource> {
    const { files } = this.dependencies;
    const read: ReadSource = { kind: 'files', drafts: [], problems: [] };
    for (const fileId of new Set(source.file_ids)) {
      const file = await files.find(source.places, fileId);
      try {
        const { drafts } = await files.read(file);
        for (const draft of drafts) {
          read.drafts.push({ entryId: `${fileId}#${draft.name}`, fileId, draft });
        }
      } catch (error) {
        const problem = fileProblem(error);
        if (problem === undefined) throw error;
        read.problems.push({ file_id: fileId, path: file.path, problem });
      }
    }
    return read;
  }

  /** @param names taken ones, gets the new one @param reached by what, gets the new one */
  #describe(
    { entryId, fileId, draft }: SourcedDraft,
    names: Set<string>,
    reached: Map<string, string>,
  ): FoundServer {
    const { server, notes } = draft;
    const common = {
      entry_id: entryId,
      ...(fileId !== undefined && { file_id: fileId }),
      original_name: draft.name,
    };
    const legal = legalName(draft.name);
    const nothing = { ...common, name: legal, summary: '', questions: [], notes };
    const problem = draft.problem ?? (server && isOwnVmcp(server) ? ownVmcp : undefined);
    if (!server || problem !== undefined) {
      return { ...nothing, state: 'unusable', problem: problem ?? 'It cannot be used.' };
    }
    const sameAs = reached.get(reachKey(server));
    const name = freeName(legal, names);
    const state = sameAs !== undefined ? 'present' : name === draft.name ? 'new' : 'renamed';
    if (sameAs === undefined) {
      names.add(name.toLowerCase());
      reached.set(reachKey(server), name);
    }
    return {
      ...nothing,
      name,
      state,
      ...(sameAs !== undefined && { same_as: sameAs }),
      transport_type: server.transport_type,
      summary: summaryOf(server),
      questions: draft.questions.map((question) => ({
        ...question,
        id: questionId(question.id, fileId),
      })),
      ...(fileId === undefined && { server }),
    };
  }

  async #missing(found: FoundServer, { draft }: SourcedDraft): Promise<Partial<FoundServer>> {
    const config: CreateServer['config'] | undefined = draft.server?.config;
    if (found.state === 'unusable' || !config || !('command' in config)) return {};
    const missing = await findMissingProgram(config.command, this.dependencies.environment);
    return missing ? { missing_program: missing } : {};
  }
}

const ownVmcp = 'This is a virtual MCP server of this machine: it is here already.';
