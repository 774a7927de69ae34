/** Messages and files as the simulator keeps them. */
export interface StoredFile {
  file_id: string;
  file_unique_id: string;
  file_size: number;
  bytes: Buffer;
  name: string;
}

/** A message as the Bot API shows it. */
export interface Message {
  message_id: number;
  date: number;
  edit_date?: number;
  chat: object;
  from: object;
  text?: string;
  caption?: string;
  [field: string]: unknown;
}

/** What the API says about a file. */
export function shown({ file_id, file_unique_id, file_size }: StoredFile) {
  return { file_id, file_unique_id, file_size };
}
