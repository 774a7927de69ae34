export {
  BusRequests,
  RequestContext,
  ResultReplyFilter,
  resultReply,
  type HandlerExtras,
} from './bus-requests.js';
