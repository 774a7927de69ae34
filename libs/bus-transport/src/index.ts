export {
  BusRequests,
  ResultReplyFilter,
  RequestBody,
  RequestContext,
  IgnoredFields,
  type HandlerExtras,
} from './bus-requests.js';
