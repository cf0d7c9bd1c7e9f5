// Stands in for @grafana/assistant, which needs a Grafana around it. The panel asks whether it is there: it is not.
export const useAssistant = () => ({ isAvailable: false, isLoading: false, openAssistant: () => {}, toggleAssistant: () => {} });
export const OpenAssistantButton = () => null;
export const createAssistantContextItem = () => ({});
