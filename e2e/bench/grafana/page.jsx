// A page with Grafana's flame graph panel and nothing else. The benchmark calls `window.show(columns)`.
import { createDataFrame, createTheme, FieldType } from "@grafana/data";
import { FlameGraph } from "@grafana/flamegraph";
import { ThemeContext } from "@grafana/ui";
import { createRoot } from "react-dom/client";

const theme = createTheme({ colors: { mode: "light" } });
const getTheme = () => theme;
const root = createRoot(document.getElementById("root"));

/** The nested set that Grafana's data sources send: nodes in pre-order, each with its level. */
window.show = ({ levels, values, selfs, labels, names }, flameGraphOnly) => {
  const data = createDataFrame({
    fields: [
      { name: "level", values: levels, type: FieldType.number },
      { name: "value", values, type: FieldType.number, config: { unit: "short" } },
      { name: "self", values: selfs, type: FieldType.number, config: { unit: "short" } },
      { name: "label", values: labels, type: FieldType.enum, config: { type: { enum: { text: names } } } },
    ],
  });
  root.render(
    <ThemeContext.Provider value={theme}>
      <FlameGraph data={data} getTheme={getTheme} showFlameGraphOnly={flameGraphOnly} disableCollapsing={true} showAnalyzeWithAssistant={false} />
    </ThemeContext.Provider>,
  );
};
