#include "render/model_shapes.hpp"

#include "render/members.hpp"

namespace cartbell::render {
namespace {

// `index` is a status set where the shape needs one; it travels in the id's high byte.
Shape shape_of(ModelShape shape, uint16_t index = 0) {
    Shape::Kind kind = Shape::Kind::object;
    if (shape == ModelShape::none) kind = Shape::Kind::scalar;
    else if (shape == ModelShape::status_set) kind = Shape::Kind::status;
    else if (shape >= ModelShape::first_list) kind = Shape::Kind::list;
    return {kind, static_cast<uint16_t>(static_cast<unsigned>(shape) | static_cast<unsigned>(index) << 8)};
}
ModelShape model_shape(const Shape &shape) { return static_cast<ModelShape>(shape.id & 0xffu); }

ModelShape list_of(Object object) {
    switch (object) {
        case Object::line: return ModelShape::line_list;
        case Object::payment: return ModelShape::payment_list;
        case Object::history: return ModelShape::history_list;
        default: return ModelShape::order_list;
    }
}

bool has_fields(ModelShape shape) {
    return shape == ModelShape::customer_fields || shape == ModelShape::order_fields ||
           shape == ModelShape::line_fields || shape == ModelShape::product_fields;
}

}  // namespace

Shape ModelShapes::root() const { return shape_of(ModelShape::root); }

Shape ModelShapes::member(const Shape &object, const Name &name) const {
    const ModelShape shape = model_shape(object);
    if (has_fields(shape)) {
        const FieldDefinition *field = settings_.find_field(object_of(shape), name.text);
        if (!field) return settings_.shop.keep_unknown_fields ? Shape{Shape::Kind::any, 0} : Shape{};
        if (field->type == Type::json) return {Shape::Kind::any, 0};
        return field->type == Type::list ? shape_of(ModelShape::text_list) : shape_of(ModelShape::none);
    }
    if (shape == ModelShape::reached_set) {
        const bool known = settings_.find_status(static_cast<StatusSet>(object.id >> 8), name.text) != nullptr;
        return known ? shape_of(ModelShape::none) : Shape{};
    }
    const Member &member = find_member(shape, name.word);
    if (member.read == Read::reached_set) return shape_of(member.shape, member.index);
    if (member.read != Read::absent) return shape_of(member.shape);
    if (shape == ModelShape::root)
        for (const LetShape &let : lets_)
            if (let.name == name.text) return shape_of(let.is_list ? list_of(let.rows_of) : ModelShape::none);
    return {};
}

Shape ModelShapes::element(const Shape &list) const {
    switch (model_shape(list)) {
        case ModelShape::order_list: return shape_of(ModelShape::order);
        case ModelShape::line_list: return shape_of(ModelShape::line);
        case ModelShape::payment_list: return shape_of(ModelShape::payment);
        case ModelShape::history_list: return shape_of(ModelShape::history);
        default: return shape_of(ModelShape::none);
    }
}

void ModelShapes::add_names(const Shape &object, std::vector<std::string> &names) const {
    const ModelShape shape = model_shape(object);
    if (has_fields(shape)) {
        for (const FieldDefinition &field : settings_.fields)
            if (field.of == object_of(shape)) names.push_back(field.code);
        return;
    }
    if (shape == ModelShape::reached_set) {
        for (const StatusDefinition &status : settings_.statuses)
            if (status.set == static_cast<StatusSet>(object.id >> 8)) names.push_back(status.code);
        return;
    }
    for (const Member &member : members_of(shape)) names.emplace_back(text_of(member.word));
    if (shape == ModelShape::root)
        for (const LetShape &let : lets_) names.push_back(let.name);
}

}  // namespace cartbell::render
