/** Types of those parts of untyped packages that our tests use. */
declare module 'co-wechat-api' {
  export default class WechatApi {
    constructor(appId: string, secret: string);
    prefix: string;
    getAccessToken(): Promise<{ accessToken: string; expireTime: number }>;
    sendText(openid: string, text: string): Promise<{ errcode: number }>;
    sendImage(openid: string, mediaId: string): Promise<{ errcode: number }>;
    uploadMedia(
      bytes: Buffer,
      type: string,
      filename: string,
      contentType: string,
    ): Promise<{ media_id: string }>;
    getMedia(mediaId: string): Promise<Buffer & { video_url?: string }>;
    getUser(openid: string): Promise<{ nickname: string; subscribe: number }>;
  }
}

declare module 'wechat-crypto' {
  export default class WXBizMsgCrypt {
    constructor(token: string, encodingAesKey: string, id: string);
    getSignature(timestamp: string, nonce: string, encrypt: string): string;
    decrypt(text: string): { message: string; id: string };
    encrypt(text: string): string;
  }
}
