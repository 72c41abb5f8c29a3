using Lzn.Functions.Web;
using Microsoft.Azure.Functions.Worker.Converters;

namespace Microsoft.Azure.Functions.Worker.Http;

/// <summary>Binds the request's body, as ASP.NET Core's body binder reads it.</summary>
public class FromBodyAttribute() : InputConverterAttribute(typeof(BodyConverter));
