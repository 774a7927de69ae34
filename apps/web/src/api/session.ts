import { queryOptions } from '@tanstack/react-query';
import { answer, api, call, keepCsrfToken } from './client';
import type { Me } from './contract';
import { ApiProblem } from './problem';

export interface Credentials {
  user: string;
  password: string;
  code?: string;
}

/** The person of this session, or null: nobody is signed in. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  staleTime: Infinity,
  queryFn: async (): Promise<Me | null> => {
    try {
      const me = await answer(api.GET('/v1/me'));
      keepCsrfToken(me.csrfToken ?? '');
      return me;
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) return null;
      throw error;
    }
  },
});

export async function signIn(credentials: Credentials): Promise<void> {
  await call('/v1/session', { method: 'POST', body: JSON.stringify(credentials) });
}

export async function signOut(): Promise<void> {
  await call('/v1/session', { method: 'DELETE' });
}

/** How people can sign in here. */
export function signInMethods(): Promise<{ password: boolean; oidc: boolean }> {
  return call('/v1/session/methods');
}
