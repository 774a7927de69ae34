/**
 * A certificate for servers on this machine, and the authority that signed it, for clients to trust. Both are created at the first
 * start. The authority's private key is never written to disk, so nobody can create another certificate in its name.
 */
import { randomBytes, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { CertificateExtension } from 'selfsigned';

export interface LocalTls {
  /** Certificate of the authority, which clients must trust. */
  authorityFile: string;
  certificateFile: string;
  keyFile: string;
}

const YEARS = 10;
/** Shortly before it expires a new pair is created, and clients must trust the new authority. */
const LEAST_REST_MS = 30 * 24 * 3600 * 1000;

/** @param names domains and addresses of the servers */
export async function localTls(folder: string, names: string[]): Promise<LocalTls> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const files: LocalTls = {
    authorityFile: join(folder, 'authority.crt'),
    certificateFile: join(folder, 'server.crt'),
    keyFile: join(folder, 'server.key'),
  };
  if (!isGood(files, names)) await make(files, names);
  return files;
}

function isGood({ authorityFile, certificateFile, keyFile }: LocalTls, names: string[]): boolean {
  if (![authorityFile, certificateFile, keyFile].every((file) => existsSync(file))) return false;
  const certificate = new X509Certificate(readFileSync(certificateFile));
  const covers = (name: string) =>
    (isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name)) !== undefined;
  return (
    names.every(covers) &&
    certificate.verify(new X509Certificate(readFileSync(authorityFile)).publicKey) &&
    Date.parse(certificate.validTo) - Date.now() > LEAST_REST_MS
  );
}

async function make(files: LocalTls, names: string[]): Promise<void> {
  const notAfterDate = new Date();
  notAfterDate.setFullYear(notAfterDate.getFullYear() + YEARS);
  const common = { keyType: 'ec', algorithm: 'sha256', notAfterDate } as const;
  const { generate } = await import('selfsigned');
  // Clients look an authority up by its name: one of an earlier installation, which they may still trust, has another one.
  const authority = await generate(
    [
      {
        name: 'commonName',
        value: `Hutong on ${names[0] ?? 'this machine'} (${randomBytes(4).toString('hex')})`,
      },
    ],
    {
      ...common,
      extensions: [
        { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
        { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
      ],
    },
  );
  const server = await generate([{ name: 'commonName', value: names[0] ?? 'localhost' }], {
    ...common,
    extensions: serverExtensions(names),
    ca: { key: authority.private, cert: authority.cert },
  });
  write(files.keyFile, server.private, 0o600);
  write(files.certificateFile, server.cert, 0o644);
  write(files.authorityFile, authority.cert, 0o644);
}

function serverExtensions(names: string[]): CertificateExtension[] {
  return [
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    {
      name: 'subjectAltName',
      altNames: names.map((name) => (isIP(name) ? { type: 7, ip: name } : { type: 2, value: name })),
    },
  ];
}

/** Replaces the file atomically. */
function write(file: string, text: string, mode: number): void {
  writeFileSync(`${file}.new`, text, { mode });
  renameSync(`${file}.new`, file);
}
