#include "semantic/vector_graph.h"

// Its prefetching reads a neighbour too many, and its distances are not used here.
#define NO_MANUAL_VECTORIZATION  // NOLINT: the library's own switch
#include <hnswlib/hnswlib.h>

#include <algorithm>
#include <exception>

namespace refrain::semantic {
namespace {

/// Neighbours of each, how widely a new one looks for its own, and a search: at 100,000 sentences they find 0.99 of the
/// true four nearest.
constexpr std::size_t neighbours = 16;
constexpr std::size_t width_of_insert = 160;
constexpr std::size_t width_of_search = 96;
constexpr std::size_t first_room = 1024;

/// What hnswlib takes for the vectors' space: a "vector" is a number, and the distance is ours.
class numbered_space final : public hnswlib::SpaceInterface<float> {
 public:
  explicit numbered_space(const vector_distances& distances) : distances_(&distances) {}
  size_t get_data_size() override { return sizeof(std::uint32_t); }
  hnswlib::DISTFUNC<float> get_dist_func() override {
    return [](const void* one, const void* other, const void* distances) {
      return (*static_cast<const vector_distances* const*>(distances))
          ->between(*static_cast<const std::uint32_t*>(one), *static_cast<const std::uint32_t*>(other));
    };
  }
  void* get_dist_func_param() override { return &distances_; }

 private:
  const vector_distances* distances_;
};

}  // namespace

struct vector_graph::graph {
  explicit graph(const vector_distances& distances)
      : space(distances), nodes(&space, first_room, neighbours, width_of_insert) {
    nodes.setEf(width_of_search);
  }
  numbered_space space;
  hnswlib::HierarchicalNSW<float> nodes;
  std::size_t room = first_room;
};

vector_graph::vector_graph(const vector_distances& distances) : graph_(std::make_unique<graph>(distances)) {}
vector_graph::~vector_graph() = default;

bool vector_graph::insert(std::uint32_t number) {
  try {
    if (number >= graph_->room) {
      graph_->room = std::max<std::size_t>(number + 1, graph_->room + graph_->room / 4);
      graph_->nodes.resizeIndex(graph_->room);
    }
    graph_->nodes.addPoint(&number, number);
    return true;
  } catch (const std::exception&) {  // no memory: the library has no other fault here
    return false;
  }
}

void vector_graph::erase(std::uint32_t number) noexcept {
  try {
    graph_->nodes.markDelete(number);
  } catch (const std::exception&) {
    return;  // it was never in
  }
}

bool vector_graph::restore(std::uint32_t number) {
  try {
    graph_->nodes.unmarkDelete(number);
    return true;
  } catch (const std::exception&) {  // it was never in
    return insert(number);
  }
}

std::vector<std::uint32_t> vector_graph::nearest(std::size_t most) const {
  std::vector<std::uint32_t> found;
  try {
    auto queue = graph_->nodes.searchKnn(&asked, most);
    for (; !queue.empty(); queue.pop()) found.push_back(static_cast<std::uint32_t>(queue.top().second));
  } catch (const std::exception&) {
    found.clear();
  }
  return found;
}

}  // namespace refrain::semantic
