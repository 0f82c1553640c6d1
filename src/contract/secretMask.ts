/** What stands in place of a secret in everything that leaves the server. In a PUT it means “unchanged”. */
export const secretMask = '********';
