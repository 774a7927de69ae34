/** Messages that people of the whole family send in the same form. */
import type { PushedType } from './kind.js';

export const LOCATION_PUSHED: PushedType = {
  msgType: 'location',
  fields: {
    Location_X: 'required',
    Location_Y: 'required',
    Scale: { default: '16' },
    Label: { default: '' },
  },
};
export const LINK_PUSHED: PushedType = {
  msgType: 'link',
  fields: { Title: 'required', Description: { default: '' }, Url: 'required' },
};
export const VIDEO_PUSHED: PushedType = {
  msgType: 'video',
  fields: { MediaId: 'media-id', ThumbMediaId: 'thumb-id' },
};
export const IMAGE_PUSHED: PushedType = {
  msgType: 'image',
  fields: { PicUrl: 'media-url', MediaId: 'media-id' },
};
/** As WeChat gives them. */
export const OPEN_ID = /^o[\w-]{27}$/;
