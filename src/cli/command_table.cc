// The table of commands. A new one is a file and a row here.
#include <CLI/CLI.hpp>
#include <array>

#include "bench/command.h"
#include "cli/command.h"

namespace refrain::cli {
namespace {

constexpr std::array rows{
    command{"serve", "Run the gateway", attach_serve},
    command{"run", "Run one command behind a gateway of its own, and keep the answers for the next time", attach_run},
    command{"stats", "Show the hit rate and the money saved", attach_stats},
    command{"entries", "List, show and delete cached answers", attach_entries},
    command{"purge", "Forget cached answers by model, provider, age, tag or tenant", attach_purge},
    command{"feedback", "Say that a similar question's answer was wrong or right", attach_feedback},
    command{"export", "Write cached answers to a file, a line of JSON each", attach_export},
    command{"import", "Put answers from such a file into the store", attach_import},
    command{"semantic", "Show how two questions are compared", attach_semantic},
    command{"config", "Show every setting with its value and where it came from", attach_config},
    command{"encoder", "List, fetch and try the models that read questions", attach_encoder},
    command{"doctor", "Check configuration, store, network and keys, and say how to fix each fault", attach_doctor},
    command{"mock", "Run a fake provider, for tests and demonstrations", attach_mock},
    command{"bench", "Measure a gateway on this machine", bench::attach},
    command{"completion", "Print the completion script of a shell: bash or zsh", attach_completion},
};

}  // namespace

std::span<const command> commands() noexcept { return rows; }

}  // namespace refrain::cli
