using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Converters;

namespace Lzn.Functions.Web;

/// <summary>Reads the request's body with ASP.NET Core's body binder, so that the app's MVC JSON options apply.</summary>
internal sealed class BodyConverter(IModelMetadataProvider metadata, IModelBinderFactory binders) : IInputConverter
{
    /// <exception cref="InvalidOperationException">The body is not what the parameter asks for.</exception>
    public async ValueTask<ConversionResult> ConvertAsync(ConverterContext context)
    {
        var http = context.FunctionContext.GetHttpContext() ?? throw new InvalidOperationException("[FromBody] needs an HTTP trigger; this function was started by something else.");
        var type = metadata.GetMetadataForType(context.TargetType);
        var name = type.BinderModelName ?? string.Empty;
        var binding = new DefaultModelBindingContext
        {
            ModelMetadata = type,
            ModelName = name,
            BindingSource = BindingSource.Body,
            ModelState = new ModelStateDictionary(),
            ActionContext = new ActionContext { HttpContext = http },
        };
        var binder = binders.CreateBinder(new ModelBinderFactoryContext
        {
            Metadata = type,
            BindingInfo = new BindingInfo { BinderModelName = name, BindingSource = BindingSource.Body, BinderType = type.BinderType },
        });

        await binder.BindModelAsync(binding).ConfigureAwait(false);
        if (binding.Result.IsModelSet)
            return ConversionResult.Success(binding.Result.Model);
        if (binding.ModelState.IsValid)
            return ConversionResult.Success(null);
        var errors = binding.ModelState.Values.SelectMany(entry => entry.Errors).Select(error => error.ErrorMessage is { Length: > 0 } text ? text : error.Exception?.Message);
        throw new InvalidOperationException($"The request's body is not a {context.TargetType.Name}: {string.Join("; ", errors)}");
    }
}
