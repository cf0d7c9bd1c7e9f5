// Stub of @grafana/assistant, which needs a running Grafana: reports that the assistant is unavailable.
export const useAssistant = () => ({ isAvailable: false, isLoading: false, openAssistant: () => {}, toggleAssistant: () => {} });
export const OpenAssistantButton = () => null;
export const createAssistantContextItem = () => ({});
