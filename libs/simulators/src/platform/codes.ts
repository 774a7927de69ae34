/** Result codes as the platforms document them; the HTTP status beside them is always 200. */
const words: Record<number, string> = {
  [-1]: 'system busy',
  0: 'ok',
  40001: 'invalid credential, access_token is invalid or not latest',
  40002: 'invalid grant_type',
  40003: 'invalid openid',
  40004: 'invalid media type',
  40005: 'invalid file type',
  40006: 'invalid file size',
  40007: 'invalid media_id',
  40008: 'invalid message type',
  40013: 'invalid appid',
  40014: 'invalid access_token',
  40056: 'invalid agentid',
  40058: 'invalid parameter',
  40125: 'invalid appsecret',
  41001: 'access_token missing',
  41005: 'media data missing',
  42001: 'access_token expired',
  43004: 'require subscribe',
  44001: 'empty media data',
  44002: 'empty post data',
  44003: 'empty news data',
  44004: 'empty content',
  45001: 'media size out of limit',
  45002: 'content size out of limit',
  45007: 'play time out of limit',
  45009: 'reach max api daily quota limit',
  45011: 'api freq limit, try again later',
  45015: 'response out of time limit or subscription is canceled',
  45047: 'out of response count limit',
  47001: 'data format error',
  48001: 'api unauthorized',
  60111: 'userid not found',
  81013: 'all recipients are invalid',
  82001: 'all recipients are empty',
};

export class ApiError extends Error {
  constructor(readonly errcode: number) {
    super(words[errcode] ?? 'error');
  }
}
