using System.Diagnostics.CodeAnalysis;

namespace ServerlessRec.Api.OpenApi;

/// <summary>The schemas that routes name.</summary>
internal static class OpenApiSchemas
{
    /// <summary>The document's components.</summary>
    [StringSyntax(StringSyntaxAttribute.Json)]
    public const string Components = """
        {
          "securitySchemes": { "key": { "type": "apiKey", "in": "header", "name": "X-API-Key" } },
          "schemas": {
            "Any": {},
            "Labels": { "description": "Any JSON." },
            "Id": { "type": "string", "minLength": 1, "maxLength": 256 },
            "User": {
              "type": "object", "required": ["UserId"],
              "properties": { "UserId": { "$ref": "#/components/schemas/Id" }, "Labels": { "$ref": "#/components/schemas/Labels" }, "Comment": { "type": "string" } }
            },
            "Item": {
              "type": "object", "required": ["ItemId"],
              "properties": {
                "ItemId": { "$ref": "#/components/schemas/Id" }, "IsHidden": { "type": "boolean" },
                "Categories": { "type": "array", "items": { "$ref": "#/components/schemas/Id" } },
                "Timestamp": { "type": "string", "format": "date-time" }, "Labels": { "$ref": "#/components/schemas/Labels" }, "Comment": { "type": "string" }
              }
            },
            "Feedback": {
              "type": "object", "required": ["FeedbackType", "UserId", "ItemId"],
              "properties": {
                "FeedbackType": { "type": "string", "minLength": 1, "maxLength": 64 },
                "UserId": { "$ref": "#/components/schemas/Id" }, "ItemId": { "$ref": "#/components/schemas/Id" },
                "Value": { "type": "number", "default": 1 }, "Timestamp": { "type": "string", "format": "date-time" },
                "Labels": { "$ref": "#/components/schemas/Labels" }, "Comment": { "type": "string" },
                "EventId": { "description": "Idempotency key.", "type": "string" },
                "RecommendationId": { "description": "The X-Recommendation-Id of the answer this reacts to.", "type": "string" }
              }
            },
            "FeedbackList": { "type": "array", "items": { "$ref": "#/components/schemas/Feedback" } },
            "ItemPatch": { "description": "Fields that are missing or null stay as they are.", "type": "object", "properties": { "IsHidden": { "type": ["boolean", "null"] }, "Categories": { "type": ["array", "null"], "items": { "$ref": "#/components/schemas/Id" } }, "Timestamp": { "type": ["string", "null"], "format": "date-time" }, "Labels": { "$ref": "#/components/schemas/Labels" }, "Comment": { "type": ["string", "null"] } } },
            "UserPatch": { "type": "object", "properties": { "Labels": { "$ref": "#/components/schemas/Labels" }, "Comment": { "type": ["string", "null"] } } },
            "ItemList": { "type": "array", "items": { "$ref": "#/components/schemas/Item" } },
            "UserList": { "type": "array", "items": { "$ref": "#/components/schemas/User" } },
            "RowAffected": { "type": "object", "properties": { "RowAffected": { "type": "integer" } } },
            "UserPage": { "type": "object", "properties": { "Cursor": { "type": "string" }, "Users": { "type": "array", "items": { "$ref": "#/components/schemas/User" } } } },
            "ItemPage": { "type": "object", "properties": { "Cursor": { "type": "string" }, "Items": { "type": "array", "items": { "$ref": "#/components/schemas/Item" } } } },
            "FeedbackPage": { "type": "object", "properties": { "Cursor": { "type": "string" }, "Feedback": { "$ref": "#/components/schemas/FeedbackList" } } },
            "Score": {
              "type": "object",
              "properties": { "Id": { "$ref": "#/components/schemas/Id" }, "Score": { "type": "number" }, "Explain": { "$ref": "#/components/schemas/Explanation" } }
            },
            "Explanation": {
              "description": "With explain=true.", "type": "object",
              "properties": {
                "Stage": { "enum": ["personal", "popular-and-fresh", "neighbors", "popular", "latest"] },
                "IsNew": { "description": "Training has not seen the item.", "type": "boolean" },
                "Reasons": { "description": "Items of the history that it is most like, by cosine.", "type": "array", "items": { "$ref": "#/components/schemas/Score" } }
              }
            },
            "Scores": { "type": "array", "items": { "$ref": "#/components/schemas/Score" } },
            "IdsOrScores": {
              "description": "Ids; with the header X-API-Version: 2 scores.",
              "anyOf": [{ "type": "array", "items": { "$ref": "#/components/schemas/Id" } }, { "$ref": "#/components/schemas/Scores" }]
            },
            "Health": {
              "type": "object",
              "properties": {
                "Ready": { "type": "boolean" }, "DataStoreConnected": { "type": "boolean" }, "CacheStoreConnected": { "type": "boolean" },
                "Release": { "type": ["string", "null"] }
              }
            },
            "Rebuild": {
              "type": "object",
              "properties": {
                "Published": { "type": "boolean" }, "ReleaseId": { "type": ["string", "null"] }, "Reason": { "type": "string" },
                "Items": { "type": "integer" }, "Changes": { "type": "integer" }, "Recall": { "type": "number" }
              }
            },
            "Problem": {
              "type": "object", "required": ["title", "status", "traceId"],
              "properties": {
                "title": { "type": "string" }, "status": { "type": "integer" },
                "field": { "description": "The field, parameter or header that is wrong.", "type": "string" },
                "element": { "description": "The array element that is wrong, from 0.", "type": "integer" }, "traceId": { "type": "string" }
              }
            }
          }
        }
        """;
}
