import * as vscode from 'vscode';
import { messageOf } from '../../serverLink/linkError.ts';
import { RestError } from '../../serverLink/restError.ts';
import { NoSuchVmcpError } from './itemStore.ts';

/** Any failure in the words of VS Code's file service, which shows them with what was to be done. */
export function fileError(error: unknown, uri: vscode.Uri): Error {
  if (error instanceof vscode.FileSystemError) return error;
  if (error instanceof NoSuchVmcpError) return vscode.FileSystemError.FileNotFound(error.message);
  if (!(error instanceof RestError)) return vscode.FileSystemError.Unavailable(messageOf(error));
  switch (error.status) {
    case 404:
      return vscode.FileSystemError.FileNotFound(uri);
    case 409:
      return vscode.FileSystemError.FileExists(error.message);
    default:
      return new vscode.FileSystemError(error.message);
  }
}
