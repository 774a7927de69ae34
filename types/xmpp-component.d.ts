/** COMPAT(@xmpp/component 0.13): it ships no types, and its elements are not the client's. Only what we use. */
declare module '@xmpp/component' {
  import type { EventEmitter } from 'node:events';
  import type { Socket } from 'node:net';

  export interface Element {
    name: string;
    attrs: Record<string, string | undefined>;
    children: (Element | string)[];
    parent: Element | null;
    is(name: string, xmlns?: string): boolean;
    getNS(): string | undefined;
    getChild(name: string, xmlns?: string): Element | undefined;
    getChildren(name: string, xmlns?: string): Element[];
    getChildElements(): Element[];
    getChildText(name: string, xmlns?: string): string | null;
    text(): string;
    append(...nodes: (Element | string)[]): this;
    toString(): string;
  }

  type Node = Element | string | undefined;
  export function xml(
    name: string,
    attrs?: Record<string, string | undefined> | null,
    ...children: (Node | Node[])[]
  ): Element;

  export interface Component extends EventEmitter {
    status: string;
    socket: Socket | null;
    start(): Promise<unknown>;
    stop(): Promise<unknown>;
    send(element: Element): Promise<void>;
    /** What the socket's `data` is bound to, and what a parser's error ends the stream with. */
    _onData(data: string | Buffer): void;
    _onParserError(error: unknown): void;
    reconnect: EventEmitter & { delay: number; stop(): void; scheduleReconnect(): void };
  }
  export function component(options: { service: string; domain: string; password: string }): Component;
}
