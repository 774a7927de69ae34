/** The part of co-wechat that its test uses; the package has no types. */
declare module 'co-wechat' {
  interface Context {
    method: string;
    query: Record<string, string>;
    request: { body: string };
    status?: number;
    body?: string;
  }
  interface Account {
    middleware(
      handle: (message: Record<string, string>) => Promise<string>,
    ): (context: Context) => Promise<void>;
  }
  export default function wechat(token: string): Account;
}
