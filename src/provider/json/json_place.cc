#include "provider/json/json_place.h"

#include <algorithm>
#include <array>

namespace refrain::provider {
namespace {

extern const json_place schema;

constexpr json_place by_name{.others = &schema};
constexpr json_place properties{.others = &schema, .in_order = true};

/// Keywords of JSON Schema 2020-12 and of earlier drafts, and Google's.
constexpr std::array schema_steps{
    json_step{"properties", &properties},
    json_step{"$defs", &by_name},
    json_step{"defs", &by_name},
    json_step{"definitions", &by_name},
    json_step{"dependentSchemas", &by_name},
    json_step{"patternProperties", &by_name},
    json_step{"additionalItems", &schema},
    json_step{"additionalProperties", &schema},
    json_step{"allOf", &schema},
    json_step{"anyOf", &schema},
    json_step{"any_of", &schema},
    json_step{"contains", &schema},
    json_step{"else", &schema},
    json_step{"if", &schema},
    json_step{"items", &schema},
    json_step{"not", &schema},
    json_step{"oneOf", &schema},
    json_step{"prefixItems", &schema},
    json_step{"then", &schema},
    json_step{"unevaluatedItems", &schema},
    json_step{"unevaluatedProperties", &schema},
};
constinit const json_place schema{.steps = schema_steps};

/// OpenAI's `json_schema` holds the schema beside its name; others' is the schema.
constexpr std::array named_schema_steps{json_step{"schema", &schema}, json_step{"properties", &properties}};
constexpr json_place named_schema{.steps = named_schema_steps};

/// Chat's `response_format`, as OpenAI, Together and TGI have it; Responses' and Anthropic's `format`.
constexpr std::array format_steps{json_step{"json_schema", &named_schema}, json_step{"schema", &schema},
                                  json_step{"value", &schema}};
constexpr json_place format{.steps = format_steps};

constexpr std::array format_holder_steps{json_step{"format", &format}};
constexpr json_place format_holder{.steps = format_holder_steps};

constexpr std::array json_holder_steps{json_step{"json", &schema}};
constexpr json_place json_holder{.steps = json_holder_steps};

constexpr std::array function_steps{
    json_step{"parameters", &schema},
    json_step{"parametersJsonSchema", &schema},
    json_step{"parameters_json_schema", &schema},
    json_step{"response", &schema},
    json_step{"responseJsonSchema", &schema},
    json_step{"response_json_schema", &schema},
};
constexpr json_place function{.steps = function_steps};

extern const json_place tool;

/// Of chat (`function`), Responses (`parameters`, and tools that hold tools), Anthropic (`input_schema`) and Gemini.
constexpr std::array tool_steps{
    json_step{"function", &function},
    json_step{"parameters", &schema},
    json_step{"input_schema", &schema},
    json_step{"functionDeclarations", &function},
    json_step{"function_declarations", &function},
    json_step{"tools", &tool},
};
constinit const json_place tool{.steps = tool_steps};

constexpr std::array generation_steps{
    json_step{"responseSchema", &schema},      json_step{"response_schema", &schema},
    json_step{"responseJsonSchema", &schema},  json_step{"response_json_schema", &schema},
    json_step{"_responseJsonSchema", &schema},
};
constexpr json_place generation{.steps = generation_steps};

constexpr std::array request_steps{
    json_step{"tools", &tool},
    json_step{"functions", &function},
    json_step{"response_format", &format},
    json_step{"text", &format_holder},           // Responses
    json_step{"output_config", &format_holder},  // Anthropic
    json_step{"output_format", &format},
    json_step{"format", &schema},       // Ollama
    json_step{"guided_json", &schema},  // vLLM
    json_step{"structured_outputs", &json_holder},
    json_step{"json_schema", &named_schema},     // llama.cpp
    json_step{"generationConfig", &generation},  // Gemini
    json_step{"generation_config", &generation},
    json_step{"generateContentRequest", &request_place},
    json_step{"generate_content_request", &request_place},
};

}  // namespace

constinit const json_place request_place{.steps = request_steps};

const json_place* json_place::below(std::string_view name) const noexcept {
  const auto at = std::ranges::find(steps, name, &json_step::name);
  return at == steps.end() ? others : at->place;
}

}  // namespace refrain::provider
