package dev.sluice.dialect.rules.media;

import dev.sluice.chat.Media;
import dev.sluice.dialect.json.Json;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JacksonSerializable;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.jsontype.TypeSerializer;

/**
 * A data URL that is put together where it is written: what it holds is not copied into another
 * string of a megabyte.
 *
 * @param inline content in base64, which needs no escape in JSON
 */
record WrittenDataUrl(Media.Inline inline) implements JacksonSerializable {

    @Override
    public void serialize(JsonGenerator json, SerializationContext context) {
        String head = Json.quoted(DataUrl.head(inline));
        json.writeRawValue(head, 0, head.length() - 1);
        json.writeRaw(inline.base64());
        json.writeRaw('"');
    }

    @Override
    public void serializeWithType(
            JsonGenerator json, SerializationContext context, TypeSerializer type) {
        serialize(json, context);
    }
}
