export {
  BusRequests,
  ResultReplyFilter,
  RequestBody,
  RequestContext,
  type HandlerExtras,
} from './bus-requests.js';
